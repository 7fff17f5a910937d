import type { ComponentType } from "react";
import { createBrowserRouter, type RouteObject } from "react-router";
import { RequireSession } from "./components/RequireSession";
import { RouteFault } from "./components/RouteFault";
import { ForbiddenPage } from "./pages/ForbiddenPage";
import { NotFoundPage } from "./pages/NotFoundPage";

/** Until the first page is there, the plain ground is shown. */
const nothing = () => null;

/** A route whose page is fetched when it is first opened. */
function page<M>(path: string, load: () => Promise<M>, pick: (module: M) => ComponentType): RouteObject {
  return { path, lazy: async () => ({ Component: pick(await load()) }), ErrorBoundary: RouteFault, HydrateFallback: nothing };
}

export const routes: RouteObject[] = [
  page("/login", () => import("./pages/auth/LoginPage"), (m) => m.LoginPage),
  page("/verify/:number", () => import("./pages/papers/VerifyPage"), (m) => m.VerifyPage),
  page("/welcome", () => import("./pages/auth/WelcomePage"), (m) => m.WelcomePage),
  {
    Component: RequireSession,
    ErrorBoundary: RouteFault,
    HydrateFallback: nothing,
    children: [
      page("/", () => import("./pages/workbench/WorkbenchPage"), (m) => m.WorkbenchPage),
      page("/inbox", () => import("./pages/inbox/InboxPage"), (m) => m.InboxPage),
      page("/catalogue", () => import("./pages/catalogue/CatalogueSearchPage"), (m) => m.CatalogueSearchPage),
      page("/catalogue/own", () => import("./pages/catalogue/OwnEntriesPage"), (m) => m.OwnEntriesPage),
      page("/catalogue/announcements", () => import("./pages/catalogue/AnnouncementsPage"), (m) => m.AnnouncementsPage),
      page("/catalogue/new", () => import("./pages/catalogue/EntryEditPage"), (m) => m.EntryEditPage),
      page("/catalogue/import", () => import("./pages/catalogue/ImportPage"), (m) => m.ImportPage),
      page("/catalogue/:id", () => import("./pages/catalogue/EntryPage"), (m) => m.EntryPage),
      page("/catalogue/:id/edit", () => import("./pages/catalogue/EntryEditPage"), (m) => m.EntryEditPage),
      page("/elements", () => import("./pages/elements/ElementsPage"), (m) => m.ElementsPage),
      page("/sources", () => import("./pages/sources/SourcesPage"), (m) => m.SourcesPage),
      page("/sources/:id", () => import("./pages/sources/SourcePage"), (m) => m.SourcePage),
      page("/requests", () => import("./pages/requests/RequestsPage"), (m) => m.RequestsPage),
      page("/requests/new", () => import("./pages/requests/RequestEditPage"), (m) => m.RequestEditPage),
      page("/requests/cart", () => import("./pages/requests/CartPage"), (m) => m.CartPage),
      page("/applications/:id", () => import("./pages/requests/ApplicationPage"), (m) => m.ApplicationPage),
      page("/requests/:id", () => import("./pages/requests/RequestPage"), (m) => m.RequestPage),
      page("/requests/:id/edit", () => import("./pages/requests/RequestEditPage"), (m) => m.RequestEditPage),
      page("/grants", () => import("./pages/grants/GrantsPage"), (m) => m.GrantsPage),
      page("/grants/:id", () => import("./pages/grants/GrantPage"), (m) => m.GrantPage),
      page("/grants/:id/usage", () => import("./pages/grants/GrantUsagePage"), (m) => m.GrantUsagePage),
      page("/cases", () => import("./pages/cases/CasesPage"), (m) => m.CasesPage),
      page("/cases/new", () => import("./pages/cases/CaseNewPage"), (m) => m.CaseNewPage),
      page("/cases/:id", () => import("./pages/cases/CasePage"), (m) => m.CasePage),
      page("/record", () => import("./pages/record/RecordPage"), (m) => m.RecordPage),
      page("/record/:index", () => import("./pages/record/RecordEntryPage"), (m) => m.RecordEntryPage),
      page("/leaks", () => import("./pages/record/LeakPage"), (m) => m.LeakPage),
      page("/scorecards", () => import("./pages/scorecards/ScorecardsPage"), (m) => m.ScorecardsPage),
      page("/calendar", () => import("./pages/clocks/CalendarPage"), (m) => m.CalendarPage),
      page("/rules", () => import("./pages/clocks/RulesPage"), (m) => m.RulesPage),
      page("/systems/:id", () => import("./pages/systems/SystemPage"), (m) => m.SystemPage),
      page("/refusals", () => import("./pages/systems/RefusalPage"), (m) => m.RefusalPage),
      page("/problems/:code", () => import("./pages/systems/ProblemPage"), (m) => m.ProblemPage),
      page("/systems", () => import("./pages/systems/SystemsPage"), (m) => m.SystemsPage),
      page("/gateways", () => import("./pages/gateways/GatewaysPage"), (m) => m.GatewaysPage),
      page("/admin/people", () => import("./pages/admin/PeoplePage"), (m) => m.PeoplePage),
      page("/admin/organisations", () => import("./pages/admin/OrganisationsPage"), (m) => m.OrganisationsPage),
      { path: "/403", Component: ForbiddenPage },
      { path: "*", Component: NotFoundPage },
    ],
  },
];

export const makeRouter = () => createBrowserRouter(routes);
