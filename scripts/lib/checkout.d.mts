export const checkout: string;
export function say(text: string): void;
