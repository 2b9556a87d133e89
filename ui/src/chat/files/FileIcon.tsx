import { File, FileArchive, FileHeadphone, FileImage, FilePlay, FileSpreadsheet, FileText, Presentation } from 'lucide-react'
import { documentKind } from './kinds'

const icons = {
  picture: FileImage,
  video: FilePlay,
  sound: FileHeadphone,
  document: File,
  pdf: FileText,
  text: FileText,
  table: FileSpreadsheet,
  slides: Presentation,
  archive: FileArchive,
}

export function FileIcon({ type, size = 22 }: { type: string; size?: number }) {
  const kind = documentKind(type)
  const Icon = icons[kind]
  return (
    <span className="file-icon" data-kind={kind}>
      <Icon size={size} aria-hidden="true" />
    </span>
  )
}
