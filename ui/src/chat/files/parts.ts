import { lazily } from '../../lib/lazily'

export { keepFilesOf } from './fileDatabase'
export type { FileSummaryProps } from './FileSummary'

/* Other folders import only this file; what follows is loaded with the first file that is shown, chosen or sent. */

export const loadFileStore = () => import('./fileStore')
export const loadUploads = () => import('./uploads')
export const loadCopies = () => import('./copies')
export const loadSounds = () => import('./sounds')
export const loadSummary = () => import('./summary')
export const Attachments = lazily(() => import('./Attachments').then((module) => module.Attachments))
export const ChosenFiles = lazily(() => import('./ChosenFiles').then((module) => module.ChosenFiles))
export const DropZone = lazily(() => import('./DropZone').then((module) => module.DropZone))
export const FileSummary = lazily(() => import('./FileSummary').then((module) => module.FileSummary))
export const Recorder = lazily(() => import('./Recorder').then((module) => module.Recorder))
