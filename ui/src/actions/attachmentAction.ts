import { isAttachment, isToken } from '../protocol/decode'
import type { Attachment, Id } from '../protocol/resources'
import { ApiError, apiBlob, apiCall, apiErrorOf } from './apiCall'
import { currentConnection, refuseToken } from './connection'

interface UploadOptions {
  signal: AbortSignal
  /** Called with the part that has been sent, from 0 to 1. */
  onProgress: (part: number) => void
}

/**
 * Uploads a file that a message of this conversation may carry; until then only its author sees it. Rejects with an
 * ApiError, or an AbortError. Not by `fetch`, which doesn't tell how much has been sent.
 */
export async function uploadAttachment(conversationId: Id, file: Blob, name: string, options: UploadOptions): Promise<Attachment> {
  const { getToken } = currentConnection()
  const token = getToken()
  const sent = await send(conversationId, file, name, token, options)
  if (sent.status === 401 && token === getToken()) await refuseToken(token)
  const body = parsed(sent.responseText)
  if (sent.status >= 300) throw apiErrorOf(sent, body, sent.getResponseHeader('Retry-After'))
  if (!isAttachment(body)) throw new ApiError({ status: sent.status, code: 'invalid_answer', message: 'unexpected answer to an upload' })
  return body
}

function send(conversationId: Id, file: Blob, name: string, token: string, { signal, onProgress }: UploadOptions): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const form = new FormData()
    form.append('file', file, name)
    request.open('POST', `${currentConnection().baseUrl}/api/messagerie/attachments/${conversationId}/`)
    request.setRequestHeader('Authorization', `Bearer ${token}`)
    request.setRequestHeader('Accept', 'application/json')
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      if (lengthComputable) onProgress(loaded / total)
    }
    request.onload = () => {
      resolve(request)
    }
    request.onerror = () => {
      reject(new ApiError({ status: 0, code: 'network', message: 'the upload was interrupted' }))
    }
    request.onabort = () => {
      reject(new DOMException('aborted', 'AbortError'))
    }
    signal.addEventListener('abort', () => {
      request.abort()
    })
    request.send(form)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

/** The content of a file, or of its small picture. */
export function fetchAttachment(id: Id, options: { isThumbnail?: boolean } = {}): Promise<Blob> {
  return apiBlob({ path: `/api/messagerie/attachments/${id}/`, query: { thumbnail: options.isThumbnail ? 1 : undefined } })
}

/** How long an address is used for; the server's tokens last for a few minutes. */
const tokenLasts = 60_000
let token: Promise<string> | null = null

/** An address for what the browser itself loads in parts, a sound or a video; good for some minutes. `isNew`: the last one was refused. */
export async function attachmentUrl(id: Id, isNew = false): Promise<string> {
  if (isNew) token = null
  token ??= newToken()
  return `${currentConnection().baseUrl}/api/messagerie/attachments/${id}/?token=${encodeURIComponent(await token)}`
}

/** One for all files. */
async function newToken(): Promise<string> {
  window.setTimeout(() => {
    token = null
  }, tokenLasts)
  try {
    return (await apiCall({ method: 'POST', path: '/api/files/token' }, isToken)).token
  } catch (error) {
    token = null
    throw error
  }
}
