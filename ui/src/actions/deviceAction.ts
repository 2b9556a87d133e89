import { deviceOf } from '../lib/claims'
import { isArrayOf, isBoolean, isNumber, isShape, isString } from '../protocol/decode'
import type { Id, Timestamp } from '../protocol/resources'
import { apiCall, apiCommand } from './apiCall'

export interface Device {
  id: Id
  /** Or the program; empty if it doesn't say. */
  browser: string
  /** Empty for a program, "?" if a browser doesn't say. */
  system: string
  created_at: Timestamp
  /** To within an hour. */
  last_seen: Timestamp
  is_current: boolean
}

const isDevices = isArrayOf(
  isShape<Device>({ id: isNumber, browser: isString, system: isString, created_at: isString, last_seen: isString, is_current: isBoolean }),
)

/** Where the caller is logged in, the most recently used first. */
export function fetchDevices(): Promise<Device[]> {
  return apiCall({ path: '/api/messagerie/devices/' }, isDevices)
}

export function signOutDevice(id: Id): Promise<void> {
  return apiCommand({ method: 'DELETE', path: `/api/messagerie/devices/${id}/` })
}

/** Voids a token of this device that is no longer kept, in the background and without a second attempt: without a network it stays valid until it expires. */
export function signOutThisDevice(token: string): void {
  const id = deviceOf(token)
  if (id === null || !navigator.onLine) return
  const headers = { Authorization: `Bearer ${token}` }
  apiCommand({ method: 'DELETE', path: `/api/messagerie/devices/${id}/`, headers, anonymous: true, keepalive: true }).catch(() => undefined)
}
