/**
 * OpenMemory in containers. {@link dev.openmemory.backup.docker.DockerDiscovery} finds it; what it
 * finds is used through the sources and the control that this module adds to the library.
 */
@NullMarked
package dev.openmemory.backup.docker;

import org.jspecify.annotations.NullMarked;
