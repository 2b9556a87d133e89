import { useState } from 'react'
import type { Establishment, Id } from '../../protocol/resources'
import { ImportStart } from './ImportStart'
import { PlanPage } from './PlanPage'
import { useReading } from './useReading'

/** `/admin/import` asks for files, `/admin/import/{id}` shows what they would change; so a plan survives a reload. */
export function ImportPage({ establishment: { id: establishmentId }, path }: { establishment: Establishment; path: string }) {
  // Files are kept only in memory; with them the same ones can be read again, with other columns or later.
  const [files, setFiles] = useState<File[]>([])
  const reading = useReading(establishmentId)
  const planId = planIdOf(path)
  if (planId === null) return <ImportStart establishmentId={establishmentId} files={files} onFiles={setFiles} reading={reading} />
  return (
    <PlanPage
      key={planId}
      establishmentId={establishmentId}
      planId={planId}
      startPath="/admin/import"
      files={reading.readFiles?.planId === planId ? reading.readFiles.files : null}
      reading={reading}
      onAnother={() => {
        setFiles([])
      }}
    />
  )
}

function planIdOf(path: string): Id | null {
  const id = Number(/^\/admin\/import\/(\d+)\/?$/.exec(path)?.[1])
  return Number.isSafeInteger(id) && id > 0 ? id : null
}
