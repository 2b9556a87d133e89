import { EmojiPicker as Picker, type EmojiPickerListCategoryHeaderProps, type EmojiPickerListEmojiProps } from 'frimousse'
import { LoaderCircle } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useEmojiTexts } from '../../i18n/emoji/texts'
import type { Language } from '../../i18n/i18n'
import { useTranslation } from '../../i18n/useTranslation'
import { touchQuery } from '../../lib/useMediaQuery'
import type { Id } from '../../protocol/resources'
import { type Emojis, type Group, groups, loadEmojis, tones } from './emojiData'
import { noteEmoji, preferredTone, recentEmoji, storeTone } from './recentEmoji'

type Load = { status: 'loading' } | { status: 'ready'; emojis: Emojis } | { status: 'failed' }

interface EmojiPickerProps {
  userId: Id
  columns: number
  onChoose: (emoji: string) => void
}

export function EmojiPicker(props: EmojiPickerProps) {
  const t = useEmojiTexts()
  const { i18n } = useTranslation()
  const language = i18n.language as Language
  const [load, setLoad] = useState<Load>({ status: 'loading' })
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isWanted = true
    loadEmojis(language).then(
      (emojis) => { if (isWanted) setLoad({ status: 'ready', emojis }) },
      () => { if (isWanted) setLoad({ status: 'failed' }) },
    )
    return () => { isWanted = false }
  }, [language, attempt])
  switch (load.status) {
    case 'ready':
      return <Loaded key={load.emojis.data.locale} {...props} {...load} />
    case 'loading':
      return (
        <p className="emoji-note" role="status">
          <LoaderCircle className="spinner" size={18} aria-hidden="true" /> {t('loading')}
        </p>
      )
    case 'failed':
      return (
        <p className="emoji-note" role="alert">
          {t('failed')}{' '}
          <button
            type="button"
            className="text-button"
            onClick={() => {
              setLoad({ status: 'loading' })
              setAttempt(attempt + 1)
            }}
          >
            {t('retry')}
          </button>
        </p>
      )
  }
}

const toneNames = { none: 'none', light: 'light', 'medium-light': 'mediumLight', medium: 'medium', 'medium-dark': 'mediumDark', dark: 'dark' } as const

function Loaded({ userId, columns, emojis, onChoose }: EmojiPickerProps & { emojis: Emojis }) {
  const t = useEmojiTexts()
  const field = useRef<HTMLInputElement>(null)
  const [search, setSearch] = useState('')
  useEffect(() => {
    // It would open a phone's keyboard.
    if (!window.matchMedia(touchQuery).matches) field.current?.focus()
  }, [])
  const [tone, setTone] = useState(() => preferredTone(userId))
  const [recent] = useState(() => recentEmoji(userId).filter((emoji) => emojis.nameOf(emoji) !== undefined))
  const choose = (emoji: string) => {
    noteEmoji(userId, emoji)
    onChoose(emoji)
  }
  const data = useMemo(
    () => ({
      ...emojis.data,
      categories: (Object.keys(groups) as Group[]).map((group) => ({ index: groups[group], label: t(`group.${group}`) })),
      // Ours are beside their buttons.
      skinTones: { light: '', 'medium-light': '', medium: '', 'medium-dark': '', dark: '' },
    }),
    [emojis, t],
  )
  return (
    <Picker.Root
      className="emoji-picker"
      locale={emojis.data.locale}
      columns={columns}
      skinTone={tone}
      resolveEmojiData={() => data}
      onEmojiSelect={({ emoji }) => {
        choose(emoji)
      }}
    >
      <Picker.Search
        ref={field}
        className="emoji-search"
        value={search}
        aria-label={t('search')}
        placeholder={t('search')}
        onChange={({ target }) => {
          setSearch(target.value)
        }}
      />
      {recent.length > 0 && search === '' && (
        <div className="emoji-recent" role="group" aria-label={t('recent')}>
          {recent.slice(0, columns).map((emoji) => (
            <button
              key={emoji}
              type="button"
              className="emoji"
              aria-label={emojis.nameOf(emoji)}
              title={emojis.nameOf(emoji)}
              onClick={() => {
                choose(emoji)
              }}
            >
              {emoji}
            </button>
          ))}
        </div>
      )}
      {/* Left to right in Arabic as well: so the arrow keys move. */}
      <Picker.Viewport className="emoji-viewport" dir="ltr" tabIndex={0}>
        <Picker.Empty className="emoji-note">{({ search: query }): ReactNode => <bdi>{t('none', { query })}</bdi>}</Picker.Empty>
        <Picker.List className="emoji-list" aria-label={t('title')} components={{ CategoryHeader: Heading, Emoji: Choice }} />
      </Picker.Viewport>
      <div className="emoji-footer">
        <Picker.ActiveEmoji>{({ emoji }) => <span className="emoji-name" aria-hidden="true">{emoji && `${emoji.emoji} ${emoji.label}`}</span>}</Picker.ActiveEmoji>
        <Picker.SkinTone emoji="✋">
          {({ skinToneVariations }) => (
            <div className="emoji-tones" role="group" aria-label={t('tone.label')}>
              {skinToneVariations.map(({ skinTone, emoji }) => (
                <button
                  key={skinTone}
                  type="button"
                  className="emoji-tone"
                  aria-pressed={skinTone === tone}
                  aria-label={t(`tone.${toneNames[skinTone]}`)}
                  title={t(`tone.${toneNames[skinTone]}`)}
                  onClick={() => {
                    const chosen = tones.find((one) => one === skinTone) ?? 'none'
                    storeTone(userId, chosen)
                    setTone(chosen)
                  }}
                >
                  {emoji}
                </button>
              ))}
            </div>
          )}
        </Picker.SkinTone>
      </div>
    </Picker.Root>
  )
}

function Heading({ category, ...props }: EmojiPickerListCategoryHeaderProps) {
  return (
    <div {...props} className="emoji-heading" dir="auto">
      {category.label}
    </div>
  )
}

function Choice({ emoji, ...props }: EmojiPickerListEmojiProps) {
  return (
    <button {...props} type="button" className="emoji" title={emoji.label}>
      {emoji.emoji}
    </button>
  )
}
