/** French has a space before these signs; no line may begin with them. */
export function withFrenchSpaces(text: string): string {
  return text.replace(/ (?=[:?!;»])/g, '\u00a0').replace(/« /g, '«\u00a0')
}

/** The same in each text of a dictionary's source. */
export function withFrenchSpacesInTexts(source: string): string {
  return source.replace(/(?<=: )'(?:[^'\\\n]|\\.)*'/g, withFrenchSpaces)
}
