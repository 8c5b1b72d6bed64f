{{/* What tells one state of the shop's code from another. */}}
{{- define "woocommerce-store.version" -}}
{{- .Values.image.digest | default (include "store-common.version" .) -}}
{{- end }}

{{- define "woocommerce-store.image" -}}
{{- include "store-common.image" (dict "image" .Values.image "tag" .Chart.AppVersion) -}}
{{- end }}

{{/* The most servers that there may be at once. */}}
{{- define "woocommerce-store.maxServers" -}}
{{- ternary .Values.autoscaling.maxReplicas .Values.replicas .Values.autoscaling.enabled -}}
{{- end }}

{{/* An environment variable from the store's Secret. Call: (dict "root" $ "name" "SALT" "key" "salt") */}}
{{- define "woocommerce-store.secretEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef: {name: {{ include "store-common.secretName" .root }}, key: {{ .key }}}
{{- end }}

{{- define "woocommerce-store.databaseEnv" -}}
{{- with .Values.database -}}
- {name: DATABASE_HOST, value: {{ .external.host | default (printf "%s-database" $.Release.Name) | quote }}}
- {name: DATABASE_PORT, value: {{ ternary .external.port 3306 (ne .external.host "") | quote }}}
- {name: DATABASE_NAME, value: {{ .name | quote }}}
- {name: DATABASE_USER, value: {{ .user | quote }}}
{{- end }}
{{- end }}

{{/* What both set-up and servers read. */}}
{{- define "woocommerce-store.shopEnv" -}}
{{ include "woocommerce-store.databaseEnv" . }}
{{ include "woocommerce-store.secretEnv" (dict "root" . "name" "DATABASE_PASSWORD" "key" "database-password") }}
{{ include "woocommerce-store.secretEnv" (dict "root" . "name" "SALT" "key" "salt") }}
- {name: VERSION, value: {{ include "woocommerce-store.version" . | quote }}}
- {name: PUBLIC_URL, value: {{ include "store-common.publicUrl" . | quote }}}
- {name: STORE_ID, value: {{ .Values.store.id | quote }}}
- {name: STORE_DIR, value: /var/lib/shop}
- {name: TMPDIR, value: /var/lib/shop/.tmp}
{{- end }}

{{/* Where the shop's image may write. Pages may read and write temporary files only below the store's own folder. */}}
{{- define "woocommerce-store.mounts" -}}
- {name: store, mountPath: /var/lib/shop}
- {name: scratch, mountPath: /var/lib/shop/.tmp, subPath: files}
- {name: scratch, mountPath: /tmp, subPath: tmp}
- {name: scratch, mountPath: /run/apache2, subPath: run}
{{- end }}

{{- define "woocommerce-store.volumes" -}}
- name: store
  persistentVolumeClaim: {claimName: {{ .Release.Name }}-uploads}
- name: scratch
  emptyDir: {}
{{- end }}

{{/* The component that pods with the uploads' volume must be near to: none where any node may mount it. */}}
{{- define "woocommerce-store.near" -}}
{{- eq .Values.uploads.accessMode "ReadWriteOnce" | ternary "server" "" -}}
{{- end }}
