import type { Id } from '../../protocol/resources'

/** A system notification: one per conversation, the latest replacing earlier ones. */
export interface Notice {
  conversationId: Id
  messageId: Id
  title: string
  body: string
}

/** Read by the service worker: pwa/worker.ts. */
interface NoticeData {
  path: string
  conversationId: Id
  messageId: Id
}

// Notifications that this page shows itself if there is no service worker.
const shown = new Map<Id, Notification>()

export async function showNotice({ title, body, ...notice }: Notice, onOpen: (conversationId: Id) => void): Promise<void> {
  if (!isGranted()) return
  const { conversationId } = notice
  const data: NoticeData = { ...notice, path: `/c/${conversationId}` }
  // Without `renotify` a second message would replace the first silently.
  const options = { body, tag: `conversation-${conversationId}`, renotify: true, icon: '/icons/icon-192.png', data }
  const worker = await activeWorker()
  // Phones only show notifications of a service worker, which also opens the conversation.
  if (worker) return inTurn(() => showByWorker(worker, title, options))
  const notification = new Notification(title, options)
  shown.set(conversationId, notification)
  notification.onclick = () => {
    window.focus()
    onOpen(conversationId)
    notification.close()
  }
}

/** Closes the notifications of conversations that were read, here or on another device. */
export async function closeNotices(isRead: (conversationId: Id) => boolean): Promise<void> {
  if (!isGranted()) return
  for (const [id, notification] of shown) {
    if (!isRead(id)) continue
    notification.close()
    shown.delete(id)
  }
  const worker = await activeWorker()
  if (worker) await inTurn(() => closeByWorker(worker, isRead))
}

/** Several tabs get the same message: the first one shows it. */
async function showByWorker(worker: ServiceWorkerRegistration, title: string, options: { tag: string; data: NoticeData }): Promise<void> {
  const [before] = await worker.getNotifications({ tag: options.tag })
  if (before && (dataOf(before)?.messageId ?? 0) >= options.data.messageId) return
  await worker.showNotification(title, options)
}

async function closeByWorker(worker: ServiceWorkerRegistration, isRead: (conversationId: Id) => boolean): Promise<void> {
  for (const notification of await worker.getNotifications()) {
    if (isRead(dataOf(notification)?.conversationId ?? 0)) notification.close()
  }
}

function dataOf(notification: Notification): NoticeData | null {
  return notification.data as NoticeData | null
}

/**
 * One tab and one task at a time. Chromium loses a notification that is being shown while another task lists them:
 * a click on it would do nothing, and it couldn't be closed.
 */
function inTurn(task: () => Promise<void>): Promise<void> {
  const { locks } = navigator as Partial<Navigator>
  return locks ? locks.request('messagerie.notices', task) : task()
}

async function activeWorker(): Promise<ServiceWorkerRegistration | null> {
  const worker = 'serviceWorker' in navigator ? await navigator.serviceWorker.getRegistration() : undefined
  return worker?.active ? worker : null
}

function isGranted(): boolean {
  return 'Notification' in window && Notification.permission === 'granted'
}
