import {
  Badge,
  createTheme,
  defaultVariantColorsResolver,
  Modal,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

/** The platform's green: shade 8 on white and shade 3 on dark have a contrast above 4.5. */
const green: MantineColorsTuple = [
  '#e9f8f3',
  '#d3ede5',
  '#a4dcca',
  '#6ad3b6',
  '#4abb9c',
  '#2fa284',
  '#1c866b',
  '#126e57',
  '#0b5c4a',
  '#064638',
];

/** Filled things are dark on light pages and light on dark ones, which Mantine does not heed: it writes white on both. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colours = defaultVariantColorsResolver(input);
  if (input.variant !== 'filled') return colours;
  return { ...colours, color: 'light-dark(var(--mantine-color-white), var(--mantine-color-black))' };
};

export const theme = createTheme({
  primaryColor: 'green',
  primaryShade: { light: 8, dark: 3 },
  colors: { green },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '650' },
  variantColorResolver,
  components: {
    // A narrow column would cut it off; the column beside it can wrap.
    Badge: Badge.extend({ defaultProps: { miw: 'max-content' } }),
    Modal: Modal.extend({
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        // The header of a dialog is none of the page.
        attributes: { header: { role: 'presentation' } },
      },
      styles: { title: { fontWeight: 650, lineHeight: 1.35, overflowWrap: 'anywhere' } },
    }),
  },
});
