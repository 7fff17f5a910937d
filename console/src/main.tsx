import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { makeQueryClient } from "./api/query";
import { Look } from "./components/Look";
import { startI18n } from "./i18n/start";
import { makeRouter } from "./routes";
import "./ui/base.css";
import "./ui/pieces.css";
import "./ui/tables.css";
import "./ui/controls.css";
import "./ui/pages.css";

startI18n();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Look>
        <QueryClientProvider client={makeQueryClient()}>
          <RouterProvider router={makeRouter()} />
        </QueryClientProvider>
      </Look>
    </StrictMode>,
  );
}
