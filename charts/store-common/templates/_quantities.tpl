{{/* A CPU quantity ("250m", "2", "0.5") in thousandths. */}}
{{- define "store-common.milli" -}}
{{- $text := toString . -}}
{{- if hasSuffix "m" $text }}{{ trimSuffix "m" $text | int }}{{ else }}{{ round (mulf (float64 $text) 1000) 0 | int }}{{ end -}}
{{- end }}

{{/* A memory quantity ("512Mi", "1Gi") in MiB. */}}
{{- define "store-common.mebi" -}}
{{- $text := toString . -}}
{{- if hasSuffix "Gi" $text }}{{ mulf (float64 (trimSuffix "Gi" $text)) 1024 | ceil | int }}
{{- else if hasSuffix "Mi" $text }}{{ trimSuffix "Mi" $text | int }}
{{- else }}{{ fail (printf "%q: write memory in Mi or Gi" $text) }}{{ end -}}
{{- end }}

{{/* What one container asks for. Call with its resources; yields {"cpu", "requests", "limits"} as JSON. */}}
{{- define "store-common.demand" -}}
{{- dict
  "cpu" (include "store-common.milli" .requests.cpu | int)
  "requests" (include "store-common.mebi" .requests.memory | int)
  "limits" (include "store-common.mebi" .limits.memory | int) | toJson -}}
{{- end }}

{{/*
What a store needs at most: all components at their maximum of replicas, the one pod more that a rolling update adds, and
one Job beside them. Yields {"cpu": thousandths, "requests": MiB, "limits": MiB, "pods": n} as JSON. Call:
(dict "root" $ "job" "setup" "components" (list (dict "name" "server" "replicas" 1 "surge" true) …))
*/}}
{{- define "store-common.need" -}}
{{- $sizes := get .root.Values.sizes .root.Values.size -}}
{{- $need := include "store-common.demand" (get $sizes .job) | fromJson -}}
{{- $surge := dict "cpu" 0 "requests" 0 "limits" 0 -}}
{{- $pods := 2 -}}
{{- range $part := .components -}}
{{- $one := include "store-common.demand" (get $sizes $part.name) | fromJson -}}
{{- $pods = add $pods $part.replicas -}}
{{- range $what := list "cpu" "requests" "limits" -}}
{{- $_ := set $need $what (add (get $need $what) (mul (get $one $what) $part.replicas)) -}}
{{- if $part.surge -}}
{{- $_ := set $surge $what (max (get $surge $what) (get $one $what)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $what := list "cpu" "requests" "limits" -}}
{{- $_ := set $need $what (add (get $need $what) (get $surge $what)) -}}
{{- end -}}
{{- set $need "pods" $pods | toJson -}}
{{- end }}
