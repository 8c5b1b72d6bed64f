import { useState } from 'react';
import { picturePath } from '../format/picture.ts';

interface Props {
  url: string | null | undefined;
  title: string;
  /** Empty where the title stands beside it. */
  alt?: string;
  /** Seen without scrolling. */
  first?: boolean;
}

/** A square that keeps its size from the start; the title's first letter where there is no picture. */
export function Picture({ url, title, alt = '', first = false }: Props) {
  const path = picturePath(url);
  const [broken, setBroken] = useState<string | null>(null);
  if (!path || broken === path) {
    return (
      <span className="picture letter" aria-hidden="true">
        {title.trim().charAt(0).toUpperCase()}
      </span>
    );
  }
  return (
    <span className="picture">
      <img
        src={path}
        alt={alt}
        width={640}
        height={640}
        decoding="async"
        loading={first ? 'eager' : 'lazy'}
        fetchPriority={first ? 'high' : 'auto'}
        onError={() => setBroken(path)}
      />
    </span>
  );
}
