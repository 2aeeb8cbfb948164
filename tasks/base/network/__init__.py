"""The network as all parts of the program use it: proxies, certificates, and the clients that know of both."""
