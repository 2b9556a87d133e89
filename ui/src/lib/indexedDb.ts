/** The result of a request, as a promise. */
export function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result)
    }
    request.onerror = () => {
      reject(asError(request.error))
    }
  })
}

/** Resolves once everything that was requested in it is stored. */
export function completionOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve()
    }
    transaction.onabort = () => {
      reject(asError(transaction.error))
    }
  })
}

/** Opens version 1 of a database, which `create` gives its stores. Rejects where the browser keeps nothing. */
export function openDatabase(factory: IDBFactory, name: string, create: (database: IDBDatabase) => void): Promise<IDBDatabase> {
  const request = factory.open(name, 1)
  request.onupgradeneeded = () => {
    create(request.result)
  }
  return resultOf(request)
}

function asError(error: DOMException | null): Error {
  return error ?? new Error('IndexedDB request failed')
}
