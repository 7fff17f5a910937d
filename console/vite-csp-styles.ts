// antd writes its styles into `<style>` elements, which a policy of `style-src 'self'` forbids. This plugin replaces the
// two modules through which it does so (its own and that of its icons) by `src/ui/adopted-styles.ts`, which uses constructed style sheets: those belong
// to the script, not to the markup, and need no exception in the policy.
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const REPLACED = /@rc-component[\\/]util[\\/]es[\\/]Dom[\\/]dynamicCSS\.js$|@ant-design[\\/]icons[\\/]es[\\/]cssUtils\.js$/;

export function cspStyles(): Plugin {
  const own = fileURLToPath(new URL("./src/ui/adopted-styles.ts", import.meta.url));
  return {
    name: "csp-styles",
    enforce: "pre",
    apply: "build",
    async resolveId(source, importer, options) {
      if (!/dynamicCSS|cssUtils/.test(source)) return null;
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      return found && REPLACED.test(found.id) ? own : found;
    },
  };
}
