{{/* What tells one state of the shop's code from another. */}}
{{- define "medusa-store.version" -}}
{{- .Values.image.digest | default (include "store-common.version" .) -}}
{{- end }}

{{- define "medusa-store.image" -}}
{{- include "store-common.image" (dict "image" .Values.image "tag" .Chart.AppVersion) -}}
{{- end }}

{{/* The most servers that there may be at once. */}}
{{- define "medusa-store.maxServers" -}}
{{- ternary .Values.autoscaling.maxReplicas .Values.replicas .Values.autoscaling.enabled -}}
{{- end }}

{{/* An environment variable from the store's Secret. Call: (dict "root" $ "name" "JWT_SECRET" "key" "jwt-secret"), with "secret" from another. */}}
{{- define "medusa-store.secretEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef: {name: {{ .secret | default (include "store-common.secretName" .root) }}, key: {{ .key }}}
{{- end }}

{{/* The database's password, under the name that is asked for: the included server has the store's. Call: (dict "root" $ "name" "PGPASSWORD") */}}
{{- define "medusa-store.databasePassword" -}}
{{- $external := .root.Values.database.external -}}
{{- if $external.host -}}
{{- include "medusa-store.secretEnv" (dict "root" .root "name" .name "key" $external.key "secret" $external.existingSecret) -}}
{{- else -}}
{{- include "medusa-store.secretEnv" (dict "root" .root "name" .name "key" "database-password") -}}
{{- end -}}
{{- end }}

{{/* The same of Redis. */}}
{{- define "medusa-store.redisPassword" -}}
{{- $external := .root.Values.redis.external -}}
{{- if $external.host -}}
{{- include "medusa-store.secretEnv" (dict "root" .root "name" .name "key" $external.key "secret" $external.existingSecret) -}}
{{- else -}}
{{- include "medusa-store.secretEnv" (dict "root" .root "name" .name "key" "redis-password") -}}
{{- end -}}
{{- end }}

{{/* Where the certificate of an external server's authority is mounted, if there is one. */}}
{{- define "medusa-store.caFile" -}}
{{- with .Values.database.external -}}
{{- if and .host .caSecret -}}/etc/database-ca/ca.crt{{- end -}}
{{- end -}}
{{- end }}

{{/* What set-up, servers and workers read. */}}
{{- define "medusa-store.shopEnv" -}}
- {name: SHOP_VERSION, value: {{ include "medusa-store.version" . | quote }}}
{{- with .Values.database }}
- {name: DATABASE_HOST, value: {{ .external.host | default (printf "%s-database" $.Release.Name) | quote }}}
- {name: DATABASE_PORT, value: {{ ternary .external.port 5432 (ne .external.host "") | quote }}}
- {name: DATABASE_NAME, value: {{ .name | quote }}}
- {name: DATABASE_USER, value: {{ .user | quote }}}
{{- if .external.host }}
- {name: DATABASE_SSLMODE, value: {{ .external.sslmode }}}
- {name: DATABASE_CA_FILE, value: {{ include "medusa-store.caFile" $ | quote }}}
{{- end }}
{{- end }}
{{ include "medusa-store.databasePassword" (dict "root" . "name" "DATABASE_PASSWORD") }}
{{ include "medusa-store.secretEnv" (dict "root" . "name" "JWT_SECRET" "key" "jwt-secret") }}
{{ include "medusa-store.secretEnv" (dict "root" . "name" "COOKIE_SECRET" "key" "cookie-secret") }}
{{- end }}

{{- define "medusa-store.redisEnv" -}}
{{- with .Values.redis -}}
- {name: REDIS_HOST, value: {{ .external.host | default (printf "%s-redis" $.Release.Name) | quote }}}
- {name: REDIS_PORT, value: {{ ternary .external.port 6379 (ne .external.host "") | quote }}}
{{- if .external.host }}
- {name: REDIS_USER, value: {{ .external.user | quote }}}
- {name: REDIS_TLS, value: {{ .external.tls | quote }}}
{{- end }}
- {name: MEDUSA_FF_CACHING, value: {{ .caching | quote }}}
{{- end }}
{{ include "medusa-store.redisPassword" (dict "root" . "name" "REDIS_PASSWORD") }}
{{- end }}

{{/* The init container of whoever needs the database as this version leaves it. */}}
{{- define "medusa-store.waitForSetup" -}}
- name: wait-for-setup
  image: {{ include "medusa-store.image" . }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  args: [wait.js]
  env:
    {{- include "medusa-store.shopEnv" . | nindent 4 }}
    {{- include "medusa-store.redisEnv" . | nindent 4 }}
  securityContext:
    {{- include "store-common.securityContext" . | nindent 4 }}
  resources:
    {{- include "store-common.resources" (dict "root" . "component" "setup") | nindent 4 }}
  volumeMounts:
    {{- include "medusa-store.mounts" . | nindent 4 }}
{{- end }}

{{/* What every container of the shop's image sees beside the uploads. */}}
{{- define "medusa-store.mounts" -}}
- {name: scratch, mountPath: /tmp}
{{- if include "medusa-store.caFile" . }}
- {name: database-ca, mountPath: /etc/database-ca, readOnly: true}
{{- end }}
{{- end }}

{{- define "medusa-store.volumes" -}}
- name: scratch
  emptyDir: {}
{{- if include "medusa-store.caFile" . }}
- name: database-ca
  secret: {secretName: {{ .Values.database.external.caSecret }}, items: [{key: ca.crt, path: ca.crt}]}
{{- end }}
{{- end }}

{{- define "medusa-store.uploads" -}}
- name: uploads
  persistentVolumeClaim: {claimName: {{ .Release.Name }}-uploads}
{{- end }}

{{/* The component that pods with the uploads' volume must be near to: none where any node may mount it. */}}
{{- define "medusa-store.near" -}}
{{- eq .Values.uploads.accessMode "ReadWriteOnce" | ternary "server" "" -}}
{{- end }}
