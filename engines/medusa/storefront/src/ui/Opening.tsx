import { useLocation } from 'wouter';
import { PageSkeleton, ProductCardSkeletons, ProductSkeleton } from './skeletons.tsx';

/** The shop's outline until it has told its name: same boxes, same places. */
export function Opening() {
  const [path] = useLocation();
  return (
    <>
      <header className="header">
        <div className="wrap" aria-hidden="true">
          <span className="brand bone-line short" />
        </div>
      </header>
      <main aria-busy="true">
        {path === '/' ? <HomeOutline /> : path.startsWith('/products/') ? <ProductSkeleton /> : <PageSkeleton />}
      </main>
    </>
  );
}

function HomeOutline() {
  return (
    <>
      <div className="hero" aria-hidden="true">
        <div className="wrap">
          <span className="h1 bone-line wide" />
          <p className="lead">&nbsp;</p>
          <div className="promises">&nbsp;</div>
        </div>
      </div>
      <div className="wrap catalogue">
        <h2>Products</h2>
        <ProductCardSkeletons />
      </div>
    </>
  );
}
