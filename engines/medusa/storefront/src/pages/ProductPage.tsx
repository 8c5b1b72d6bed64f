import { useState } from 'react';
import { Link } from 'wouter';
import type { Product } from '../api/types.ts';
import { variantPrice } from '../catalogue/price.ts';
import { stockOf } from '../catalogue/stock.ts';
import { useShop } from '../shop/ShopContext.tsx';
import { useLoad } from '../shop/useLoad.ts';
import { Broken } from '../ui/Broken.tsx';
import { BuyBox } from '../ui/BuyBox.tsx';
import { Gallery } from '../ui/Gallery.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Price } from '../ui/Price.tsx';
import { ProductSkeleton } from '../ui/skeletons.tsx';
import { usePage } from '../ui/usePage.ts';
import { VariantChoice } from '../ui/VariantChoice.tsx';
import { NotFoundPage } from './NotFoundPage.tsx';

export function ProductPage({ handle }: { handle: string }) {
  const { api, region } = useShop();
  const { data, error, retry } = useLoad(`product ${handle}`, (signal) => api.product(region.id, handle, signal));
  if (error) return <Broken error={error} retry={retry} />;
  if (data === undefined) return <ProductSkeleton />;
  if (data === null) return <NotFoundPage words="We don’t sell this any more, or the address has a typo." />;
  return <ProductView key={data.id} product={data} />;
}

function ProductView({ product }: { product: Product }) {
  const { shop } = useShop();
  usePage(product.title, shop.name);
  const variants = product.variants ?? [];
  const [chosen, choose] = useState(() => (variants.find((one) => stockOf(one).available > 0) ?? variants[0])?.id);
  const variant = variants.find((one) => one.id === chosen) ?? variants[0];
  const stock = variant && stockOf(variant);
  return (
    <div className="wrap page">
      <Link href="/" className="back">
        <Icon name="back" /> All products
      </Link>
      <article className="product">
        <Gallery product={product} />
        <div className="product-words">
          <h1>{product.title}</h1>
          {product.subtitle && <p className="subtitle">{product.subtitle}</p>}
          <p className="product-price">
            <Price price={variantPrice(variant)} />
            {stock && <span className={`stock ${stock.state}`}>{stock.words}</span>}
          </p>
          {product.description && <p className="description">{product.description}</p>}
          {variants.length > 1 && <VariantChoice variants={variants} chosen={chosen} onChoose={choose} />}
          {variant && stock && <BuyBox key={variant.id} product={product} variant={variant} stock={stock} />}
          <ul className="assurances">
            <li>
              <Icon name="cash" /> Pay in cash when it arrives
            </li>
            <li>
              <Icon name="parcel" /> No account needed
            </li>
          </ul>
        </div>
      </article>
    </div>
  );
}
