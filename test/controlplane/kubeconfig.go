package main

import (
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// kubeconfig returns the file that makes any Kubernetes client the
// administrator of this control plane.
func kubeconfig(server, token string, authority []byte) ([]byte, error) {
	const name = "assay-test"
	file := api.NewConfig()
	file.Clusters[name] = &api.Cluster{Server: server, CertificateAuthorityData: authority}
	file.AuthInfos[name] = &api.AuthInfo{Token: token}
	file.Contexts[name] = &api.Context{Cluster: name, AuthInfo: name}
	file.CurrentContext = name
	return clientcmd.Write(*file)
}
