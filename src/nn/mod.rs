//! The networks of the method (sections 3.1 to 3.4 of the paper), the model made of them, and the weights file.
