import { isShape, isString, type Guard } from './decode'

/** What is wrong with the server itself. A newer server may know other causes. */
export interface ServerProblem {
  cause: string
  code: string
}

export const isServerProblem: Guard<ServerProblem> = isShape<ServerProblem>({ cause: isString, code: isString })
