import { ownTexts } from '../ownTexts'
import { ar } from './ar'
import { en } from './en'
import { fr } from './fr'

export const [useScheduleTexts, scheduleTextsIn] = ownTexts('schedule', { fr, en, ar })
