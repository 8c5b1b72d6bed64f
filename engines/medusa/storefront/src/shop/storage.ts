/** localStorage, or a stand-in for this visit where the browser forbids it. */
export const storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = usable() ?? inMemory();

function usable(): Storage | null {
  try {
    const probe = 'storage-probe';
    localStorage.setItem(probe, probe);
    localStorage.removeItem(probe);
    return localStorage;
  } catch {
    return null;
  }
}

function inMemory(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}
