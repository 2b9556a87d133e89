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

/** Resolves once all its requests are stored. */
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

/** Opens version 1 of a database; `create` creates its stores. Rejects if the browser stores nothing. */
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
