/** Finding secrets, to warn of the place and never to show them. */
@NullMarked
package dev.openmemory.backup.internal.secrets;

import org.jspecify.annotations.NullMarked;
