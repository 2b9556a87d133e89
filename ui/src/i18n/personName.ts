import type { User } from '../protocol/resources'
import { i18n } from './i18n'

type Named = Pick<User, 'first_name' | 'last_name' | 'email'>

/** What somebody is called: both names, or the one there is, or the address. Never empty. */
export function fullName(user: Named): string {
  return `${user.first_name} ${user.last_name}`.trim() || unnamed(user)
}

/** The first name, where several people are named in one line. Never empty. */
export function shortName(user: Named): string {
  return user.first_name.trim() || user.last_name.trim() || unnamed(user)
}

function unnamed({ email }: Named): string {
  return email || i18n.t('chat.unnamed')
}
