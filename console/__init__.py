"""The web pages (NiceGUI), on the public functions of csms and provisioning; `mounting.mount` adds them."""
