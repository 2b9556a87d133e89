import { type ReactNode, type RefObject, useCallback, useEffect, useState } from 'react'
import type { Place } from '../../lib/place'
import { type FileLimits, usualFiles } from '../../protocol/files'
import type { Id } from '../../protocol/resources'
import { ChosenFiles, DropZone } from '../files/parts'
import type { OutgoingFile } from '../state/chatState'
import { filesIn } from '../state/draftFiles'
import { draftOfFiles, useDraft } from '../state/useDraft'

interface DraftFiles {
  /** Files are chosen, or being prepared. */
  hasFiles: boolean
  isPreparing: boolean
  add: (files: File[]) => void
  /** Empties the draft, and returns what was in it. */
  take: () => { files?: readonly OutgoingFile[] }
  /** The chosen ones, and where more can be dropped. */
  parts: ReactNode
}

interface DraftFilesOptions {
  userId: Id
  place: Place
  composer: RefObject<HTMLElement | null>
  /** What files can be added; null for none. */
  taken: FileLimits | null
}

/** The files of a draft: on this device until they are sent, like its text. */
export function useDraftFiles({ userId, place, composer, taken }: DraftFilesOptions): DraftFiles {
  const [draft, setDraft] = useDraft({ userId, place, of: draftOfFiles })
  const [added, setAdded] = useState<readonly File[]>([])
  const add = useCallback((files: File[]) => {
    setAdded((before) => [...before, ...files])
  }, [])
  const pane = useDraggedOver(composer)
  const isPreparing = added.length > 0
  return {
    hasFiles: draft !== '' || isPreparing,
    isPreparing,
    add,
    take: () => {
      setDraft('')
      return draft ? { files: filesIn(draft) } : {}
    },
    parts: (
      <>
        {(draft || isPreparing) && <ChosenFiles userId={userId} draft={draft} onDraft={setDraft} limits={taken ?? usualFiles} added={added} onTaken={() => { setAdded([]) }} />}
        {pane && taken && <DropZone pane={pane} maxBytes={taken.max_bytes} onFiles={add} />}
      </>
    ),
  }
}

/** The conversation's pane, once files have been dragged over it. */
function useDraggedOver(composer: RefObject<HTMLElement | null>): HTMLElement | null {
  const [pane, setPane] = useState<HTMLElement | null>(null)
  useEffect(() => {
    const around = composer.current?.closest<HTMLElement>('.pane')
    const begin = ({ dataTransfer }: DragEvent) => {
      if (around && dataTransfer?.types.includes('Files')) setPane(around)
    }
    around?.addEventListener('dragenter', begin)
    return () => {
      around?.removeEventListener('dragenter', begin)
    }
  }, [composer])
  return pane
}
