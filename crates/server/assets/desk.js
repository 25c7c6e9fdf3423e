// The desk: keys and small comforts; every page works without it.
