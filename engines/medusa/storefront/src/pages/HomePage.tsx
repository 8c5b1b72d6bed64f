import { useState } from 'react';
import { PAGE_SIZE } from '../api/storeApi.ts';
import type { ProductPage } from '../api/types.ts';
import { inWords } from '../api/words.ts';
import { recall, useLoad } from '../shop/useLoad.ts';
import { useShop } from '../shop/ShopContext.tsx';
import { Button } from '../ui/Button.tsx';
import { Hero } from '../ui/Hero.tsx';
import { ProductCard } from '../ui/ProductCard.tsx';
import { ProductCardSkeletons } from '../ui/skeletons.tsx';
import { usePage } from '../ui/usePage.ts';

const ABOVE_THE_FOLD = 3;

export function HomePage() {
  const { shop } = useShop();
  usePage(shop.name);
  return (
    <>
      <Hero name={shop.name} />
      <section className="wrap catalogue" aria-labelledby="products">
        <h2 id="products">Products</h2>
        <Catalogue />
      </section>
    </>
  );
}

function Catalogue() {
  const { api, region } = useShop();
  const [limit, setLimit] = useState(PAGE_SIZE);
  const {
    data: fresh,
    error,
    retry,
  } = useLoad(`products ${limit}`, (signal) => api.products(region.id, limit, signal));
  // A longer list replaces the shorter one only when it is there.
  const data = fresh ?? recall<ProductPage>(`products ${limit - PAGE_SIZE}`);

  if (!data && error) return <CatalogueNote title="The products didn’t load" words={inWords(error)} retry={retry} />;
  if (!data) return <ProductCardSkeletons />;
  if (data.products.length === 0) {
    return <CatalogueNote title="Nothing here yet" words="The shelves are being filled. Please come back soon." />;
  }
  return (
    <>
      <ul className="grid">
        {data.products.map((product, index) => (
          <ProductCard key={product.id} product={product} first={index < ABOVE_THE_FOLD} />
        ))}
      </ul>
      {data.count > data.products.length && (
        <div className="more">
          <Button look="quiet" busy={!fresh} onClick={() => setLimit(limit + PAGE_SIZE)}>
            Show more products
          </Button>
        </div>
      )}
    </>
  );
}

function CatalogueNote({ title, words, retry }: { title: string; words: string; retry?: () => void }) {
  return (
    <div className="empty" role={retry ? 'alert' : undefined}>
      <h3>{title}</h3>
      <p>{words}</p>
      {retry && <Button onClick={retry}>Try again</Button>}
    </div>
  );
}
