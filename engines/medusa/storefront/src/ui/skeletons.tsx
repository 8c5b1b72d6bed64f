/** Grey shapes of the size of what is coming, so that nothing jumps. */
const CARDS = ['a', 'b', 'c', 'd', 'e', 'f'];

export function ProductCardSkeletons() {
  return (
    <>
      <Waiting />
      <ul className="grid" aria-hidden="true">
        {CARDS.map((key) => (
          <li key={key} className="card">
            <span className="picture bone" />
            <span className="card-words">
              <span className="card-title bone-line wide" />
              <span className="price bone-line short" />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

export function ProductSkeleton() {
  return (
    <div className="wrap product">
      <Waiting />
      <span className="picture bone" />
      <div className="product-words" aria-hidden="true">
        <span className="title-bone bone-line wide" />
        <span className="bone-line short" />
        <span className="bone-line wide" />
        <span className="bone-line wide" />
      </div>
    </div>
  );
}

export function PageSkeleton() {
  return (
    <div className="wrap page">
      <Waiting />
      <div aria-hidden="true">
        <span className="title-bone bone-line short" />
        <span className="block-bone" />
      </div>
    </div>
  );
}

function Waiting() {
  return (
    <p className="visually-hidden" role="status">
      Loading…
    </p>
  );
}
