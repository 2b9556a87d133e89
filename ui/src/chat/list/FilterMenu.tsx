import { Menu } from '@base-ui/react/menu'
import { Check, ListFilter as Icon } from 'lucide-react'
import { useState } from 'react'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import { useLayer } from '../../lib/layers'
import type { ListFilter } from './useListed'

addLaterTexts()

const filters = ['all', 'unread', 'archived'] as const

interface FilterMenuProps {
  button: HTMLButtonElement | null
  onButton: (button: HTMLButtonElement | null) => void
  filter: ListFilter
  onFilter: (filter: ListFilter) => void
}

/** Chooses which conversations are listed. What is chosen stands above them: FilterChip. */
export function FilterMenu({ button, onButton, filter, onFilter }: FilterMenuProps) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  useLayer(isOpen ? () => { setIsOpen(false) } : undefined)
  return (
    <Menu.Root open={isOpen} onOpenChange={setIsOpen}>
      <Menu.Trigger ref={onButton} className="icon-button" aria-label={t('own.filter')} title={t('own.filter')}>
        <Icon size={20} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal container={button?.closest<HTMLElement>('.messagerie') ?? undefined}>
        <Menu.Positioner className="menu-place" align="end" sideOffset={4} collisionPadding={8}>
          <Menu.Popup className="menu" aria-label={t('own.filter')}>
            <Menu.RadioGroup value={filter} onValueChange={onFilter}>
              {filters.map((one) => (
                <Menu.RadioItem key={one} value={one} className="menu-item" closeOnClick>
                  <span className="menu-check">
                    <Menu.RadioItemIndicator>
                      <Check size={16} aria-hidden="true" />
                    </Menu.RadioItemIndicator>
                  </span>
                  {t(`own.${one}`)}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
