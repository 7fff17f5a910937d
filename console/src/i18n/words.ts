// Values of closed lists in the language of the page. A value that this console does not know is shown as it is.
import { useTranslation } from "react-i18next";

export type List =
  | "level" | "organisation_kind" | "role" | "sharing_attribute" | "method" | "data_format" | "update_frequency" | "grade"
  | "item_type" | "basis_rank" | "source_kind" | "entry_state" | "change_kind" | "change_state" | "announcement_kind" | "request_state" | "grant_state" | "mask" | "refusal" | "verb"
  | "event" | "result" | "access" | "light" | "matched" | "person_state" | "revoke_ground" | "sharing_link" | "responsible_part" | "field" | "box" | "system_state"
  | "clock" | "supplement_policy" | "extension_policy" | "update_stop_policy" | "common_authority_policy" | "reminder_kind" | "condition"
  | "service_method" | "service_paging" | "service_login"
  | "import_profile" | "import_field" | "import_note" | "import_outcome";

export function useWords() {
  const { t, i18n } = useTranslation("lists");
  return (list: List, value: string | null | undefined): string => {
    if (!value) return "—";
    const key = `${list}.${value}`;
    return i18n.exists(`lists:${key}`) ? String(t(key as never)) : value;
  };
}
