// The open points of the law, by name: how each is read by default, and how a rule set reads it.
import { useTranslation } from "react-i18next";
import type { RulePolicies } from "../../api/types";
import { useWords } from "../../i18n/words";

/** Every open point that a rule set can read otherwise, in the order in which they are shown. */
export const points = ["supplement", "extension_for_unconditional", "due_hour", "update_stop", "objection_days", "common_authority", "usage_retention_years"] as const satisfies readonly (keyof RulePolicies)[];

export type Point = (typeof points)[number];

/** How these policies read a point, in words; a dash where they do not speak of it. */
export function usePolicyWords() {
  const { t } = useTranslation("clocks");
  const words = useWords();
  return (point: Point, policies: RulePolicies): string => {
    switch (point) {
      case "supplement":
        return words("supplement_policy", policies.supplement);
      case "extension_for_unconditional":
        return words("extension_policy", policies.extension_for_unconditional);
      case "update_stop":
        return words("update_stop_policy", policies.update_stop);
      case "common_authority":
        return words("common_authority_policy", policies.common_authority);
      case "due_hour":
        return policies.due_hour == null ? "—" : t("rules.due_hour_value", { hour: policies.due_hour });
      case "objection_days":
        return policies.objection_days == null ? "—" : t("rules.days_value", { count: policies.objection_days });
      case "usage_retention_years":
        return policies.usage_retention_years == null ? "—" : t("rules.years_value", { count: policies.usage_retention_years });
    }
  };
}
