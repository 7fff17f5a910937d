// antd writes its styles into `<style>` elements, which a policy of `style-src 'self'` forbids. This plugin replaces the
// one module through which it does so by `src/ui/adopted-styles.ts`, which uses constructed style sheets: those belong
// to the script, not to the markup, and need no exception in the policy.
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const REPLACED = /@rc-component[\\/]util[\\/](es|lib)[\\/]Dom[\\/]dynamicCSS\.js$/;

export function cspStyles(): Plugin {
  const own = fileURLToPath(new URL("./src/ui/adopted-styles.ts", import.meta.url));
  return {
    name: "csp-styles",
    enforce: "pre",
    apply: "build",
    async resolveId(source, importer, options) {
      if (!source.includes("dynamicCSS")) return null;
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      return found && REPLACED.test(found.id) ? own : found;
    },
  };
}
