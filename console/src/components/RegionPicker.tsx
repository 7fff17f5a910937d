import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { regionsList } from "../api/calls";

interface RegionPickerProps {
  /** Where the choosing starts: the region of the node. */
  base: string;
  baseName: string;
  value: string;
  onChange: (code: string) => void;
  label: string;
}

/** A division of the node's region: the whole of it, or one of its parts. The code is what counts, the name is for people. */
export function RegionPicker({ base, baseName, value, onChange, label }: RegionPickerProps) {
  const { t } = useTranslation();
  const regions = useQuery({
    queryKey: ["regions", base],
    queryFn: () => regionsList(base),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const options = [
    { value: base, label: `${baseName} ${base}` },
    ...(regions.data?.items ?? []).map((region) => ({ value: region.code, label: `${region.name} ${region.code}` })),
  ];
  return (
    <Select
      aria-label={label}
      showSearch={{ optionFilterProp: "label" }}
      value={value || undefined}
      placeholder={t("rows.choose_region")}
      onChange={onChange}
      options={options}
      loading={regions.isFetching}
    />
  );
}
