import type { Dispatch } from 'react'
import { ApiError, errorCode } from '../../actions/apiCall'
import { uploadAttachment } from '../../actions/attachmentAction'
import { conversationIn } from '../../lib/place'
import type { Id } from '../../protocol/resources'
import type { ChatEvent } from '../state/chatEvent'
import type { Outgoing, OutgoingFile } from '../state/chatState'
import { isPassing } from '../state/passing'
import { placesOfDrafts, readDraft, draftOfFiles } from '../state/useDraft'
import { filesIn } from '../state/draftFiles'
import { fileOf, forgetFiles, forgetOldFiles } from './fileStore'
import { adoptPicture } from './pictures'
import { setProgress } from './progress'
import { dropSound } from './sounds'

export interface Uploading {
  userId: Id
  outgoing: readonly Outgoing[]
  /** Whether this tab sends, over an open link. */
  isSending: boolean
  epoch: number
  dispatch: Dispatch<ChatEvent>
}

interface Due {
  conversationId: Id
  file: OutgoingFile
}

/** How many are uploaded at a time. */
const atOnce = 2
/** Between two attempts on one link, in milliseconds, unless the server names another pause. */
const pause = 5_000

let current: Uploading | null = null
/** By the file's key, until the state knows the outcome. */
const running = new Map<string, { abort: AbortController; isOver: boolean }>()
/** Those that failed only for now, with the timer of their next attempt. */
const resting = new Map<string, number>()
/** Messages whose files the server no longer had: uploaded again once. */
const renewed = new Set<string>()
let hasTidied = false

/** Called with each change of the outbox. An upload ends when its message is withdrawn; over a new link all are tried again. */
export function syncUploads(next: Uploading): void {
  const before = current
  current = next
  if (before?.epoch !== next.epoch) stopResting()
  if (before) forgetGone(before, next)
  if (next.isSending && !hasTidied) tidy(next)
  renewRefused(next)
  proceed()
}

export function stopUploads(): void {
  current = null
  hasTidied = false
  for (const { abort } of running.values()) abort.abort()
  running.clear()
  stopResting()
}

function stopResting(): void {
  for (const timer of resting.values()) window.clearTimeout(timer)
  resting.clear()
}

function proceed(): void {
  if (!current) return
  const all = current.outgoing.flatMap(dueOf)
  for (const [key, { abort, isOver }] of running) {
    if (all.some(({ file }) => file.key === key)) continue
    if (!isOver) abort.abort()
    running.delete(key)
  }
  if (!current.isSending) return
  for (const due of all) {
    if ([...running.values()].filter(({ isOver }) => !isOver).length >= atOnce) return
    if (!running.has(due.file.key) && !resting.has(due.file.key)) void upload(due, current)
  }
}

function dueOf({ place, files = [], delivery }: Outgoing): Due[] {
  const conversationId = conversationIn(place)
  if (conversationId === null || delivery.status !== 'waiting') return []
  return files.filter((file) => !file.attachmentId).map((file) => ({ conversationId, file }))
}

async function upload({ conversationId, file }: Due, { userId, dispatch }: Uploading): Promise<void> {
  const { key } = file
  const run = { abort: new AbortController(), isOver: false }
  running.set(key, run)
  setProgress(key, 0)
  try {
    const blob = await fileOf(userId, key)
    if (!blob) throw new ApiError({ status: 0, code: 'file_lost', message: 'its content is no longer on this device' })
    const { signal } = run.abort
    const attachment = await uploadAttachment(conversationId, blob, file.name, { signal, onProgress: (part) => { setProgress(key, part) } })
    if (attachment.width && signal.aborted === false) adoptPicture(attachment.id, blob)
    if (!signal.aborted) dispatch({ type: 'fileChanged', key, change: { attachmentId: attachment.id } })
  } catch (error) {
    if (run.abort.signal.aborted) return
    const code = errorCode(error)
    if (isPassing(code)) {
      running.delete(key)
      rest(key, error instanceof ApiError && error.retryAfter !== null ? error.retryAfter * 1_000 : pause)
    } else dispatch({ type: 'fileChanged', key, change: { code }, delivery: { status: 'failed', code } })
  } finally {
    run.isOver = true
    setProgress(key, null)
    proceed()
  }
}

function rest(key: string, time: number): void {
  const timer = window.setTimeout(() => {
    resting.delete(key)
    proceed()
  }, time)
  resting.set(key, timer)
}

/** The server removes files that no message has carried for a day: they are uploaded again. */
function renewRefused({ outgoing, dispatch }: Uploading): void {
  for (const { clientId, files = [], delivery } of outgoing) {
    if (delivery.status !== 'failed' || delivery.code !== 'invalid_attachments' || renewed.has(clientId)) continue
    renewed.add(clientId)
    for (const { key } of files) dispatch({ type: 'fileChanged', key, change: { attachmentId: 0 }, delivery: { status: 'waiting' } })
  }
}

/** Removes the files of messages that were sent or withdrawn from this device; their players are gone. */
function forgetGone(before: Uploading, { userId, outgoing }: Uploading): void {
  const kept = new Set(outgoing.flatMap(keysOf))
  const gone = before.outgoing.flatMap(keysOf).filter((key) => !kept.has(key))
  gone.forEach(dropSound)
  if (gone.length > 0 && before.userId === userId) void forgetFiles(userId, gone)
}

function tidy({ userId, outgoing }: Uploading): void {
  hasTidied = true
  const drafts = placesOfDrafts(userId).flatMap((place) => filesIn(readDraft({ userId, place, of: draftOfFiles })))
  const used = new Set([...outgoing.flatMap(keysOf), ...drafts.map(({ key }) => key)])
  void forgetOldFiles(userId, (key) => used.has(key))
}

function keysOf({ files = [] }: Outgoing): string[] {
  return files.map(({ key }) => key)
}
