//! The data plane: sources, typed queries, one enforcement point, masks, delivery, meter, usage log
