import type { Establishment } from '../../protocol/resources'
import { PlanPage } from '../import/PlanPage'
import { YearStart } from './YearStart'

/** `/admin/year` asks what becomes of each class, `/admin/year/{id}` shows what would change. */
export function YearPage({ establishment: { id: establishmentId }, path }: { establishment: Establishment; path: string }) {
  const id = Number(/^\/admin\/year\/(\d+)\/?$/.exec(path)?.[1])
  if (!Number.isSafeInteger(id) || id === 0) return <YearStart establishmentId={establishmentId} />
  return <PlanPage key={id} establishmentId={establishmentId} planId={id} startPath="/admin/year" files={null} reading={null} />
}
