import type { User } from '../protocol/resources'
import { i18n } from './i18n'

type Named = Pick<User, 'first_name' | 'last_name'> & Partial<Pick<User, 'email'>>

/** A person's displayed name: both names, or the only one, or the address. Never empty. */
export function fullName(user: Named): string {
  return `${user.first_name} ${user.last_name}`.trim() || unnamed(user)
}

/** The first name, for lines with several people. Never empty. */
export function shortName(user: Named): string {
  return user.first_name.trim() || user.last_name.trim() || unnamed(user)
}

function unnamed({ email }: Named): string {
  return email || i18n.t('chat.unnamed')
}
