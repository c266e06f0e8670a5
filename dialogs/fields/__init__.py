"""Fields that several flows share: service, option, address, technician, time, phone."""
