{{/* The Service of a component. Call: (dict "root" $ "name" "shop" "component" "server" "port" 80 "target" "http" "portName" "http") */}}
{{- define "store-common.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels:
    {{- include "store-common.labels" (dict "root" .root "component" .component) | nindent 4 }}
spec:
  {{- if .headless }}
  clusterIP: None
  {{- end }}
  selector:
    {{- include "store-common.selectorLabels" (dict "root" .root "component" .component) | nindent 4 }}
  ports:
    - name: {{ .portName }}
      port: {{ .port }}
      targetPort: {{ .target }}
{{- end }}

{{/* The way in for shoppers. Call with the root. Leads to the Service of the release's name, port "http". */}}
{{- define "store-common.ingress" -}}
{{- with .Values.ingress }}
{{- if .enabled }}
{{- $host := required "ingress.host is needed when ingress.enabled is true" .host }}
{{- $annotations := deepCopy (.annotations | default dict) }}
{{- if and .tls.enabled .tls.issuer }}
{{- $_ := set $annotations "cert-manager.io/cluster-issuer" .tls.issuer }}
{{- end }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ $.Release.Name }}
  labels:
    {{- include "store-common.labels" (dict "root" $ "component" "server") | nindent 4 }}
  {{- with $annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .className }}
  ingressClassName: {{ . }}
  {{- end }}
  rules:
    - host: {{ $host }}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: {{ $.Release.Name }}
                port:
                  name: http
  {{- if .tls.enabled }}
  tls:
    - hosts: [{{ $host }}]
      secretName: {{ .tls.secretName | default (printf "%s-tls" $.Release.Name) }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/*
A PodDisruptionBudget, only where there is more than one pod: on a single one it could only block the drain of its node.
Call: (dict "root" $ "component" "server" "replicas" 2)
*/}}
{{- define "store-common.podDisruptionBudget" -}}
{{- if and .root.Values.podDisruptionBudget.enabled (gt (int .replicas) 1) }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .root.Release.Name }}-{{ .component }}
  labels:
    {{- include "store-common.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "store-common.selectorLabels" . | nindent 6 }}
{{- end }}
{{- end }}

{{/* A HorizontalPodAutoscaler. Call: (dict "root" $ "component" "server" "deployment" "shop" "replicas" 1) */}}
{{- define "store-common.autoscaler" -}}
{{- $scaling := .root.Values.autoscaling }}
{{- if $scaling.enabled }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .root.Release.Name }}-{{ .component }}
  labels:
    {{- include "store-common.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ .deployment }}
  minReplicas: {{ .replicas }}
  maxReplicas: {{ $scaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ $scaling.targetCPUUtilizationPercentage }}
{{- end }}
{{- end }}

{{/* A volume claim. Call: (dict "root" $ "name" "shop-uploads" "component" "server" "accessMode" "ReadWriteOnce" "size" "5Gi") */}}
{{- define "store-common.volumeClaim" -}}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ .name }}
  labels:
    {{- include "store-common.labels" (dict "root" .root "component" .component) | nindent 4 }}
spec:
  {{- include "store-common.volumeSpec" . | nindent 2 }}
{{- end }}

{{/* The same as part of a StatefulSet's volumeClaimTemplates. Call: (dict "root" $ "accessMode" "ReadWriteOnce" "size" "5Gi") */}}
{{- define "store-common.volumeSpec" -}}
accessModes: [{{ .accessMode }}]
{{- with .root.Values.storageClassName }}
storageClassName: {{ . | quote }}
{{- end }}
resources:
  requests:
    storage: {{ .size }}
{{- end }}

{{/*
The chart's own Secret, for installing without the platform: made once, the same after an upgrade, a rollback or a
reinstallation, since it is looked up first and kept. Nothing when `existingSecret` names one.
Call: (dict "root" $ "fixed" (dict "admin-user" "admin") "random" (list "database-password" …)); 64 characters each.
*/}}
{{- define "store-common.secret" -}}
{{- if not .root.Values.existingSecret }}
{{- $name := include "store-common.secretName" .root }}
{{- $known := (lookup "v1" "Secret" .root.Release.Namespace $name).data | default dict }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ $name }}
  labels:
    {{- include "store-common.labels" (dict "root" .root "component" "secrets") | nindent 4 }}
  annotations:
    helm.sh/resource-policy: keep
type: Opaque
data:
  {{- range $key, $value := .fixed }}
  {{ $key }}: {{ get $known $key | default (b64enc $value) }}
  {{- end }}
  {{- range $key := .random }}
  {{ $key }}: {{ get $known $key | default (printf "%s%s" (get ($.prefixes | default dict) $key) (sha256sum (randAlphaNum 64)) | b64enc) }}
  {{- end }}
{{- end }}
{{- end }}
