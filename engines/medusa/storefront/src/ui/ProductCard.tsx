import { Link } from 'wouter';
import type { Product } from '../api/types.ts';
import { productPrice } from '../catalogue/price.ts';
import { productStock } from '../catalogue/stock.ts';
import { Picture } from './Picture.tsx';
import { Price } from './Price.tsx';

export function ProductCard({ product, first }: { product: Product; first: boolean }) {
  const stock = productStock(product);
  return (
    <li>
      <Link href={`/products/${product.handle}`} className="card">
        <Picture url={product.thumbnail} title={product.title} first={first} />
        <span className="card-words">
          <span className="card-title">{product.title}</span> <Price price={productPrice(product)} />
          {stock.state !== 'in' && <span className={`stock ${stock.state}`}> {stock.words}</span>}
        </span>
      </Link>
    </li>
  );
}
