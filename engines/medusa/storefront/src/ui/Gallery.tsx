import { useState } from 'react';
import type { Product } from '../api/types.ts';
import { Picture } from './Picture.tsx';

export function Gallery({ product }: { product: Product }) {
  const urls = [...new Set([product.thumbnail, ...(product.images ?? []).map((image) => image.url)])].filter(Boolean);
  const [shown, show] = useState(0);
  return (
    <div className="gallery">
      <Picture url={urls[shown] ?? urls[0]} title={product.title} alt={product.title} first />
      {urls.length > 1 && (
        <div className="thumbs" role="group" aria-label="More pictures">
          {urls.map((url, index) => (
            <button
              key={url}
              type="button"
              aria-label={`Picture ${index + 1} of ${urls.length}`}
              aria-pressed={index === shown}
              onClick={() => show(index)}
            >
              <Picture url={url} title={product.title} />
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
