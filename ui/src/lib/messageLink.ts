/** The address of a message, for others who take part: on the chat's own page, wherever it is shown. */
export function messageLink(baseUrl: string, message: { conversation_id: number; id: number }): string {
  return new URL(`/c/${message.conversation_id}?m=${message.id}`, baseUrl || window.location.origin).href
}
