import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { cspStyles } from "./vite-csp-styles.ts";

const SERVER = process.env.SHUQIAO_SERVER ?? "http://127.0.0.1:8080";
const PROXIED = ["/api", "/data", "/oauth2", "/checkpoint", "/tile", "/.well-known"];

/** Which bundle a package goes into: those that change together are fetched together. */
function bundle(id: string): string | undefined {
  if (!id.includes("node_modules")) return undefined;
  if (/node_modules\/(react|react-dom|scheduler|react-router|@tanstack|i18next|react-i18next|openapi-fetch)\//.test(id)) return "base";
  if (/node_modules\/(antd|@ant-design|@rc-component|rc-[^/]+|dayjs)\//.test(id)) return "antd";
  return undefined;
}

// Vite demands a default export here.
export default defineConfig({
  plugins: [cspStyles(), react()],
  server: { proxy: Object.fromEntries(PROXIED.map((path) => [path, SERVER])) },
  build: {
    target: "es2022",
    // The policy of the server forbids inline scripts and data: scripts; small assets stay files of their own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rollupOptions: { output: { manualChunks: bundle } },
  },
  test: { environment: "happy-dom", include: ["test/**/*.test.{ts,tsx}"], setupFiles: ["test/setup.ts"] },
});
