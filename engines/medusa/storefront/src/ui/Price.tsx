import type { ShownPrice } from '../catalogue/price.ts';

export function Price({ price }: { price: ShownPrice | null }) {
  if (!price) return <span className="price muted">Price on request</span>;
  return (
    <span className="price">
      {price.from && <span className="muted">from </span>}
      {price.before && (
        <>
          <span className="visually-hidden">Before: </span>
          <s className="muted">{price.before}</s>
          <span className="visually-hidden">, now: </span>
        </>
      )}
      <span className={price.before ? 'reduced' : undefined}>{price.now}</span>
    </span>
  );
}
