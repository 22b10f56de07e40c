let urls: Record<string, string> = {};

/** Told once at start, when the files' contents and so their names are known. */
export function setAssetUrls(known: Record<string, string>): void {
  urls = known;
}

export const assetUrl = (name: string): string => urls[name] ?? `/assets/${name}`;
