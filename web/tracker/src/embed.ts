// The script's own tag: <script defer src=".../foule.js" data-site="1"></script>

/**
 * Gives where hits go (matomo.php beside the script, unless data-api names
 * another place) and the tag's data attributes. Only the first run of a script
 * knows its tag; without one there are no attributes.
 */
export function embed(): [endpoint: string, data: DOMStringMap] {
  const { src, dataset } = document.currentScript as HTMLScriptElement;
  return [new URL(dataset.api || 'matomo.php', src).href, dataset];
}
