const SHAPES = {
  bag: 'M5.5 8h13l-.9 12h-11.2zM9 10V7a3 3 0 0 1 6 0v3',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  back: 'M14.5 6l-6 6 6 6',
  minus: 'M6 12h12',
  plus: 'M6 12h12M12 6v12',
  alert: 'M12 8v5M12 16.2v.1M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17',
  cash: 'M3.5 7h17v10h-17zM12 9.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4M6.5 12h.1M17.4 12h.1',
  parcel: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
} as const;

/** Decoration only: the words beside it say the same. */
export function Icon({ name }: { name: keyof typeof SHAPES }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}
